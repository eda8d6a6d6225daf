//go:build !linux

package main

const system = "other"
