package crc32

// Without gc's assembly the tables of the portable code are used (slicing by eight).
//
//goxide:skip crc32_amd64.go
//goxide:take crc32_otherarch.go
