package main

func inf(n int) int { return inf(n+1) + 1 }
func main()         { println(inf(0)) }
