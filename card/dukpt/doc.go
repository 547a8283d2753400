// Package dukpt derives the keys under which card readers encrypt: Derived Unique Key
// Per Transaction, by TDES (ANSI X9.24-1:2009) and by AES-128 (ANSI X9.24-3:2017). A
// reader is injected with one initial key, which follows from a base key and its own
// number; from it each swipe takes a key of its own, named by the key serial number
// (KSN) that travels with the ciphertext. Whoever holds the base key finds that key
// again; whoever opens a reader finds none of those it used before.
//
// The ciphers are the standard library's; the derivation is here, because it is what
// the project exists for. Base keys belong into an HSM (see card/reader): this package
// is that HSM's stand-in, and its counterpart in simulated readers.
package dukpt
