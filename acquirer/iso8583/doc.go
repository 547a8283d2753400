// Package iso8583 is the acquirer adapter that speaks ISO 8583:1987 in ASCII over
// TCP, each message behind a length of two bytes. The profile (fields, private
// fields, response codes, matching) stands in docs/api/iso8583-profile.md.
//
// Three layers: Message is the codec of fields; Request and Reply say in Go's
// types what a message of the profile means, for both ends of the wire; Acquirer
// is the port, over a link that carries many messages at once on few connections.
//
// References: ISO 8583:1987 (messages, DE numbers), ISO/IEC 7813 (track 2).
package iso8583
