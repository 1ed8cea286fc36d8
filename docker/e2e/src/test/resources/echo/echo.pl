#!/usr/bin/perl
# The app of the fault tests, in the Perl that every Debian has. It holds each request 50 ms and dies at once on SIGTERM, so that
# only draining can save a request. One process serves all its clients: where page tables are slow, a fork costs more than a hundred requests. The first line of an answer is "<app> <version> <host>", what was posted follows.
#
# HABIT: "" serves on 8080 · "slow" listens 5 s after its start · "exits" ends at once · "deaf" runs and never listens
#        "brief" serves 3 s, lets nobody in any more, ends what it has in its hands, and exits with 3
use strict;
use warnings;
use Errno;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use POSIX ();

use constant HOLD => 0.05;
use constant TICKS => POSIX::sysconf(POSIX::_SC_CLK_TCK());
use constant BUFFER => 65536;

$| = 1;
my ($app, $version, $habit) = ($ENV{APP_NAME} // '?', $ENV{VERSION} // '?', $ENV{HABIT} // '');
my $host = $ENV{HOSTNAME} // '?';
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

print "echo $version of $app starts\n";
if ($habit eq 'exits') { print "nothing to do here\n"; exit 3 }
if ($habit eq 'deaf') { sleep 3600 while 1 }
if ($habit eq 'slow') { sleep 5 }

my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 512, ReuseAddr => 1) or die "cannot listen: $!";
$server->blocking(0);
my %clients; # by file number: {socket, in, out, request, body, keep, due, ends}
my $end = $habit eq 'brief' ? now() + 3 : 0;
my $exit = 0;

while (!$exit || now() < $exit) {
  my ($readable, $writable) = waits();
  if ($server && vec($readable, fileno $server, 1)) {
    while (my $socket = $server->accept) { greet($socket) }
  } elsif ($server && $end && now() > $end) {
    # Nobody has come within the wait: on a busy machine there was always one within 50 ms.
    close $server;
    undef $server;
    $exit = now() + 0.5;
  }
  for my $client (values %clients) {
    my $number = fileno $client->{socket};
    take($client) if vec($readable, $number, 1);
    answer_when_due($client);
    give($client) if length $client->{out};
    delete $clients{$number} if $client->{ends} && !length $client->{out};
  }
}
exit 3;

# Seconds since some time before; the Perl of every Debian has no finer clock.
sub now { return (POSIX::times())[0] / TICKS }

# Until something can be read or written, or an answer is due.
sub waits {
  my ($readable, $writable, $due) = ('', '', $end ? now() + 0.005 : undef);
  vec($readable, fileno $server, 1) = 1 if $server;
  for my $client (values %clients) {
    vec($readable, fileno $client->{socket}, 1) = 1 if !$client->{due} && !$client->{ends};
    vec($writable, fileno $client->{socket}, 1) = 1 if length $client->{out};
    $due = $client->{due} if $client->{due} && (!defined $due || $client->{due} < $due);
  }
  my $wait = defined $due ? $due - now() : undef;
  my $found = select $readable, $writable, undef, defined $wait && $wait < 0 ? 0 : $wait;
  return $found > 0 ? ($readable, $writable) : ('', '');
}

sub greet {
  my ($socket) = @_;
  $socket->blocking(0);
  setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
  $clients{fileno $socket} = {socket => $socket, in => '', out => '', due => 0, ends => 0};
}

sub take {
  my ($client) = @_;
  my $length = sysread $client->{socket}, $client->{in}, BUFFER, length $client->{in};
  return if !defined $length && $!{EAGAIN};
  if (!$length) { @$client{qw(ends out)} = (1, ''); return }
  look($client);
}

# Whether a request is complete; its answer is due when it has been held.
sub look {
  my ($client) = @_;
  return if $client->{due} || $client->{in} !~ /^(.*?\r?\n\r?\n)/s;
  my $head = $1;
  my $length = $head =~ /^content-length:\s*(\d+)/im ? $1 : 0;
  return if length($client->{in}) < length($head) + $length;
  $client->{keep} = $habit ne 'brief' && $head !~ /^connection:\s*close/im;
  $client->{request} = $head;
  $client->{body} = substr $client->{in}, length $head, $length;
  substr($client->{in}, 0, length($head) + $length) = '';
  $client->{due} = now() + HOLD;
}

sub answer_when_due {
  my ($client) = @_;
  return if !$client->{due} || $client->{due} > now();
  my ($status, $text) = answer(@$client{qw(request body)});
  $client->{out} .= "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: " . length($text)
    . "\r\nConnection: " . ($client->{keep} ? 'keep-alive' : 'close') . "\r\n\r\n" . $text;
  $client->{due} = 0;
  $client->{ends} = !$client->{keep};
  look($client) if $client->{keep};
}

sub give {
  my ($client) = @_;
  my $length = syswrite $client->{socket}, $client->{out};
  return if !defined $length && $!{EAGAIN};
  if (defined $length) { substr($client->{out}, 0, $length) = '' }
  else { @$client{qw(ends out)} = (1, '') }
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
