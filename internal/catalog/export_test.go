package catalog

// For the tests of the list's cursor.
var (
	ReadCursor  = position
	WriteCursor = Position.cursor
)
