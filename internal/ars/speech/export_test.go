package speech

// ParseWAV is the reader of recordings, for the fuzz test.
var ParseWAV = parseWAV
