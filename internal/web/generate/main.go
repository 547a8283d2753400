// Command generate writes what follows from the API's code: the OpenAPI document
// and the error page. go generate runs it.
package main

import (
	"flag"
	"fmt"
	"os"

	"innopay/internal/web/api"
	"innopay/internal/web/problem"
)

func main() {
	openapi := flag.String("openapi", "", "file for the OpenAPI document")
	page := flag.String("errors", "", "file for the error page")
	flag.Parse()
	if err := write(*openapi, *page); err != nil {
		panic(err)
	}
}

func write(openapi, page string) error {
	document, err := api.Document()
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{openapi: document, page: []byte(problem.Markdown())} {
		if name == "" {
			continue
		}
		if err := os.WriteFile(name, text, 0o644); err != nil { //nolint:gosec // a page of the documentation, for everybody
			return fmt.Errorf("generate: %w", err)
		}
	}
	return nil
}
