// Package simulator is a message gateway and a mail server for demos and tests: the
// other end of the wires that messenger/solapi and messenger/mail speak.
//
// Post holds what was taken, in memory and in a journal that is durable before any
// answer leaves. Server puts it behind Solapi's HTTP API, behind SMTP, and behind
// the pages of the virtual phones. Nothing here knows who sends.
//
// Phones behave by their last digits: one that ends in 9999 has no subscriber, one
// that ends in 8888 has no KakaoTalk. A template whose id begins with UNKNOWN is not
// registered.
package simulator
