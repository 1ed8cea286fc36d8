# The app of the integration tests: what it does is said in its environment, so that one image plays every part.
use strict;
use IO::Socket::INET;

$| = 1;
my $mode = $ENV{MODE} // 'serve';
if ($mode eq 'exit') { print "cannot go on\n"; exit 3 }
if ($mode eq 'deaf') { $SIG{TERM} = sub { exit 0 }; sleep 1 while 1 }

my $drain = $ENV{DRAIN} // 0;
$SIG{TERM} = sub { print "draining\n"; sleep $drain; exit 0 };
my $listener = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die "8080: $!";
print "listening\n";
while (my $client = $listener->accept) {
    my $request = <$client> // '';
    while (my $line = <$client>) { last if $line =~ /^\r?\n$/ }
    my ($status, $body) = ('404 Not Found', "no such page\n");
    if ($request =~ m{^GET /env }) { ($status, $body) = ('200 OK', join '', map {"$_=$ENV{$_}\n"} sort keys %ENV) }
    if ($request =~ m{^GET /health }) { ($status, $body) = ('200 OK', "all well\n") }
    if ($request =~ m{^GET /oom }) { my $megabytes = 600; my $eaten = 'x' x ($megabytes << 20); $body = length $eaten }
    if ($request =~ m{^GET /crash }) { print "crashing\n"; exit 7 }
    print $client "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    close $client;
}
