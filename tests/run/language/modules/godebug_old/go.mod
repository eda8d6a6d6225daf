module example.org/godebugold

go 1.20

godebug (
	httpmuxgo121=0
	urlstrictcolons=0
)
