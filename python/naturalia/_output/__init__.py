"""How results reach files, terminals and notebooks; knows no class of the package."""
