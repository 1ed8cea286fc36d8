#!/usr/bin/perl
# The app of the fault tests, in the Perl that every Debian has. It holds each request 50 ms and dies at once on SIGTERM, so that
# only draining can save a request. The first line of an answer is "<app> <version> <host>", what was posted follows.
#
# HABIT: "" serves on 8080 · "slow" listens 5 s after its start · "exits" ends at once · "deaf" runs and never listens
#        "brief" serves 3 s, lets nobody in any more, ends what it has in its hands, and exits with 3
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

$| = 1;
my ($app, $version, $habit) = ($ENV{APP_NAME} // '?', $ENV{VERSION} // '?', $ENV{HABIT} // '');
my $host = $ENV{HOSTNAME} // '?';
$SIG{TERM} = sub { exit 0 };
$SIG{CHLD} = 'IGNORE';

print "echo $version of $app starts\n";
if ($habit eq 'exits') { print "nothing to do here\n"; exit 3 }
if ($habit eq 'deaf') { sleep 3600 while 1 }
if ($habit eq 'slow') { sleep 5 }

my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 512, ReuseAddr => 1) or die "cannot listen: $!";
my $end = $habit eq 'brief' ? time + 3 : 0;
while (!$end || time < $end || waits($server)) {
  next if $end && !waits($server);
  my $client = $server->accept or next;
  my $child = fork;
  if (!defined $child) { close $client; next }
  if ($child == 0) { close $server; serve($client); exit 0 }
  close $client;
}
close $server;
select undef, undef, undef, 0.5;
exit 3;

# Whether a client comes within 5 ms: on a busy machine there was always one within 50.
sub waits {
  my ($socket) = @_;
  vec(my $bits = '', fileno $socket, 1) = 1;
  return select($bits, undef, undef, 0.005) > 0;
}

sub serve {
  my ($client) = @_;
  setsockopt $client, IPPROTO_TCP, TCP_NODELAY, 1;
  while (defined(my $request = readline $client)) {
    my ($length, $keep) = (0, $habit ne 'brief');
    while (defined(my $line = readline $client)) {
      last if $line =~ /^\r?\n$/;
      $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
      $keep = 0 if $line =~ /^connection:\s*close/i;
    }
    my $body = '';
    read($client, $body, $length) if $length;
    select undef, undef, undef, 0.05;
    my ($status, $text) = answer($request, $body);
    print $client "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: " . length($text)
      . "\r\nConnection: " . ($keep ? 'keep-alive' : 'close') . "\r\n\r\n" . $text;
    $client->flush;
    last if !$keep;
  }
}

# /env/NAME: that variable; /sick makes /health fail from then on; everything else: the echo.
sub answer {
  my ($request, $body) = @_;
  my (undef, $path) = split / /, $request;
  if ($path =~ m{^/env/(\w+)}) { return ('200 OK', ($ENV{$1} // '') . "\n") }
  if ($path eq '/sick') { open my $mark, '>', '/tmp/sick'; return ('200 OK', "sick now\n") }
  if ($path eq '/health') { return -e '/tmp/sick' ? ('500 Sick', "sick\n") : ('200 OK', "ok\n") }
  return ('200 OK', "$app $version $host\n$body");
}
