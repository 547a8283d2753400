package api

// For the tests of the parsers.
var (
	StrictJSON   = strictJSON
	Pointer      = pointer
	DecodeCursor = decodeCursor
	EncodeCursor = encodeCursor
)
