package arch_test

import (
	"os"
	"testing"

	"innopay/internal/arch"
)

// root is the top of the tree, seen from this folder.
const root = "../.."

func TestHouse(t *testing.T) {
	t.Parallel()
	found, err := arch.House().Check(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}
