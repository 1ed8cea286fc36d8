#!/usr/bin/perl
# What an app could try from inside its container; prints the first thing that the other side says.
#   probe.pl http HOST PORT METHOD PATH · probe.pl line HOST PORT TEXT · probe.pl mysql HOST PORT USER
use strict;
use warnings;
use IO::Socket::INET;

my ($way, $host, $port, @rest) = @ARGV;
$SIG{ALRM} = sub { print "no answer\n"; exit 1 };
alarm 5;
my $peer = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or do { print "no connection: $!\n"; exit 1 };
binmode $peer;

if ($way eq 'http') {
  print $peer "$rest[0] $rest[1] HTTP/1.1\r\nHost: $host:$port\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  $peer->flush;
  print scalar readline $peer;
} elsif ($way eq 'line') {
  print $peer "$rest[0]\r\n";
  $peer->flush;
  print scalar(readline $peer) // "closed\n";
} else {
  mysql($rest[0]);
}

# The handshake of MySQL's protocol 4.1 with an empty password.
sub mysql {
  my ($user) = @_;
  packet();
  send_packet(1, pack('VVCx23', 0x88200, 1 << 24, 33) . "$user\0" . "\0" . "mysql_native_password\0");
  my ($number, $reply) = packet();
  if (ord($reply) == 0xfe) {
    send_packet($number + 1, '');
    (undef, $reply) = packet();
  }
  if (ord($reply) == 0xff) { printf "error %d %s\n", unpack('v', substr $reply, 1), substr($reply, 9) }
  else { print "let in\n" }
}

sub send_packet {
  my ($number, $payload) = @_;
  print $peer substr(pack('V', length $payload), 0, 3) . chr($number) . $payload;
  $peer->flush;
}

sub packet {
  read($peer, my $head, 4) == 4 or do { print "closed\n"; exit 1 };
  read($peer, my $payload, unpack('V', substr($head, 0, 3) . "\0"));
  return (ord substr($head, 3), $payload);
}
