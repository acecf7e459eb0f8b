Route #1:
Route #2: 1 3
Route #3: 2
Cost: 16657
