// GraphSimulator
