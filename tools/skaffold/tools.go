//go:build tools

package main

// The pinned program stays in go.mod and go.sum.
import (
	_ "github.com/GoogleContainerTools/skaffold/v2/cmd/skaffold"
)
