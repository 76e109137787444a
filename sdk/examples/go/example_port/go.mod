module example.org/example_port

go 1.19
