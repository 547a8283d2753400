package store

import (
	"reflect"
	"strings"

	"innopay/internal/store/sqlgen"
)

// Column lists for hand-written queries, in the order of fields.
var (
	paymentList = columnList[sqlgen.Payment]("p.")
	cancelList  = columnList[sqlgen.Cancel]("c.")
)

// columnList names the columns of a row type of sqlgen.
func columnList[T any](prefix string) string {
	t := reflect.TypeFor[T]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = prefix + snake(t.Field(i).Name)
	}
	return strings.Join(names, ", ")
}

// fields are pointers to every field of *row, for Scan.
func fields[T any](row *T) []any {
	v := reflect.ValueOf(row).Elem()
	ps := make([]any, v.NumField())
	for i := range ps {
		ps[i] = v.Field(i).Addr().Interface()
	}
	return ps
}
