Route #2: 2 1
Cost 10.0
