// The encoding/json package: a document to structs, back to text, and into maps.
package main

import (
	"encoding/json"
	"fmt"

	"bench/measure"
)

type entry struct {
	ID     int               `json:"id"`
	Name   string            `json:"name"`
	Price  float64           `json:"price"`
	Tags   []string          `json:"tags,omitempty"`
	Extra  map[string]string `json:"extra,omitempty"`
	Parent *entry            `json:"parent,omitempty"`
	Active bool              `json:"active"`
}

func main() {
	entries := make([]entry, 100)
	for i := range entries {
		entries[i] = entry{
			ID: i, Name: fmt.Sprintf("entry number %d \"é\"", i), Price: float64(i) * 1.25,
			Tags: []string{"alpha", "beta", "gamma"}[:i%4], Active: i%2 == 0,
		}
		if i%10 == 0 {
			entries[i].Extra = map[string]string{"colour": "green", "size": "large"}
			entries[i].Parent = &entry{ID: -i, Name: "parent"}
		}
	}
	text, err := json.Marshal(entries)
	if err != nil {
		panic(err)
	}
	measure.Row("json", len(text), func() uint64 {
		var back []entry
		if err := json.Unmarshal(text, &back); err != nil {
			panic(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(text) {
			panic("the text changed")
		}
		var loose any
		if err := json.Unmarshal(text, &loose); err != nil {
			panic(err)
		}
		list := loose.([]any)
		name := list[42].(map[string]any)["name"].(string)
		return uint64(len(back))<<32 | uint64(len(again))<<8 | uint64(len(name))
	})
}
