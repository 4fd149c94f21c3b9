namespace KerasCompat.Runtime.Cpu;

/// <summary>Finds the values of a graph's symbols from the shapes of a call's inputs.</summary>
internal static class SymbolBinding
{
    /// <exception cref="ArgumentException">A rank or a size does not fit, or two inputs disagree on a symbol.</exception>
    public static Dictionary<string, int> Bind(IReadOnlyList<Value> inputs, IReadOnlyList<Shape> shapes)
    {
        if (inputs.Count != shapes.Count)
        {
            throw new ArgumentException($"The model takes {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}), not {shapes.Count}.");
        }

        var symbols = new Dictionary<string, int>();
        for (int i = 0; i < inputs.Count; i++)
        {
            SymbolicShape expected = inputs[i].Shape;
            bool fits = expected.Rank == shapes[i].Rank;
            for (int axis = 0; fits && axis < expected.Rank; axis++)
            {
                int found = shapes[i][axis];
                fits = expected[axis].SymbolName is { } symbol
                    ? symbols.TryAdd(symbol, found) || symbols[symbol] == found
                    : expected[axis].IsConstant && expected[axis].Value == found;
            }

            if (!fits)
            {
                string known = symbols.Count == 0 ? string.Empty : $" with {string.Join(", ", symbols.Select(s => $"{s.Key} = {s.Value}"))}";
                throw new ArgumentException($"Input \"{inputs[i].Name}\" has shape {shapes[i]}; expected {expected}{known}.");
            }
        }

        return symbols;
    }
}
