// Package config fails.
package config

import (
	"errors"
	"fmt"
)

// Value cannot be had.
var Value = must(load("missing"))

func load(name string) (string, error) {
	fmt.Println("loading", name)
	return "", errors.New("no configuration " + name)
}

func must(s string, err error) string {
	defer fmt.Println("must's deferred call")
	if err != nil {
		panic(fmt.Errorf("config: %w", err))
	}
	return s
}
