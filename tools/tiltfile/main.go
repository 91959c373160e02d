// Holds Tiltfiles against Tilt's language and rules, without Tilt: the file has to
// be Starlark, each function and parameter has to be there, and what it says has to
// fit the manifests that it loads.
//
//	tiltfile [--env NAME] FOLDER
//
// FOLDER holds the Tiltfile. With --env it is run as `tilt up -- --env NAME` runs
// it. On stdout stands a line for each resource, with what it holds.
//
// Exit codes: 0 it is taken, 1 it is not, 2 wrong use.
package main

import (
	"fmt"
	"os"
)

func main() {
	arguments := os.Args[1:]
	environment := ""
	if len(arguments) == 3 && arguments[0] == "--env" {
		environment, arguments = arguments[1], arguments[2:]
	}
	if len(arguments) != 1 {
		fmt.Fprintln(os.Stderr, "usage: tiltfile [--env NAME] FOLDER")
		os.Exit(2)
	}
	resources, err := load(arguments[0], environment)
	if err != nil {
		fmt.Printf("%s: %v\n", arguments[0], err)
		os.Exit(1)
	}
	for _, resource := range resources {
		fmt.Println(resource)
	}
}
