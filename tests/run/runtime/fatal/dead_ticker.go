package main

import "time"

// Nobody waits for the ticker or the timer, so they keep nothing going.
func main() {
	ticker := time.NewTicker(time.Millisecond)
	timer := time.NewTimer(time.Hour)
	c := make(chan int)
	select {
	case <-c:
	case c <- 1:
	}
	ticker.Stop()
	timer.Stop()
}
