module innopay

go 1.26
