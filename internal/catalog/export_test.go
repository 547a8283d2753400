package catalog

// For the tests of the list's cursor.
var (
	ReadCursor  = position
	WriteCursor = Position.cursor
)

// Arrange is arrange on ids and sorts, for its property test.
func Arrange(ids []string, sorts []int64, listed []string) (moved map[string]int64, ok bool) {
	all := make([]place, len(ids))
	for i := range ids {
		all[i] = place{ids[i], sorts[i]}
	}
	places, ok := arrange(all, listed)
	moved = map[string]int64{}
	for _, p := range places {
		moved[p.id] = p.sort
	}
	return moved, ok
}
