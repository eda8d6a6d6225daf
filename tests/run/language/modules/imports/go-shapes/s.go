// Package shapes lies in a folder of another name.
package shapes

// Name is its name.
const Name = "shapes"
