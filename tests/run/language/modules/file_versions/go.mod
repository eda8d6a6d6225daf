module example.org/file_versions

go 1.21
