// Unlock of an unlocked RWMutex cannot be recovered.
package main

import (
	"fmt"
	"sync"
)

func main() {
	defer func() { fmt.Println(recover()) }()
	var mu sync.RWMutex
	mu.Unlock()
}
