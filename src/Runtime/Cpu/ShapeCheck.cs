namespace KerasCompat.Runtime.Cpu;

/// <summary>Holds operators to the sizes of a call: those that symbols stood for while the graph was built.</summary>
internal static class ShapeCheck
{
    /// <summary>Infers every shape anew from the sizes of a call.</summary>
    /// <exception cref="ArgumentException">An operator does not take them, or gives others than the graph says.</exception>
    public static void Run(Graph graph, IReadOnlyDictionary<string, int> symbols)
    {
        if (symbols.Count == 0)
        {
            return;
        }

        var known = new Dictionary<Value, Value>();
        foreach (Node node in graph.Nodes)
        {
            Check(node, [.. node.Inputs.Select(v => v is null ? null : Known(v))], [.. node.Outputs.Select(o => o.Shape.Evaluate(symbols))]);
        }

        Value Known(Value value)
        {
            if (value.IsStored)
            {
                return value;
            }

            if (!known.TryGetValue(value, out Value? result))
            {
                result = new Value(new TensorType(value.DType, value.Shape.Evaluate(symbols))) { Content = value.Content?.Select(d => (Dim)d.Evaluate(symbols)).ToArray() };
                known.Add(value, result);
            }

            return result;
        }
    }

    /// <summary>Infers the shapes of one operator from inputs of known shapes.</summary>
    /// <param name="node">The operator and its place.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">The shapes that the graph gives its outputs.</param>
    /// <exception cref="ArgumentException">The operator does not take the inputs, or gives other shapes.</exception>
    public static void Check(Node node, IReadOnlyList<Value?> inputs, IReadOnlyList<Shape> outputs)
    {
        IReadOnlyList<TensorType> types;
        try
        {
            types = node.Op.Infer(new OpInference(inputs, node.ToString(), _ => Dim.Symbol("open")));
        }
        catch (ModelFormatException e)
        {
            throw new ArgumentException($"The inputs' sizes do not fit the model: {e.Message}", e);
        }

        bool agree = outputs.Select((shape, i) => !types[i].Shape.IsConstant || types[i].Shape.Equals((SymbolicShape)shape)).All(a => a);
        if (!agree || (node.Op.IsView && inputs[0]!.Shape.ElementCount != outputs[0].ElementCount))
        {
            throw new ArgumentException(
                $"The inputs' sizes do not fit the model: {node}: found inputs of shape {string.Join(", ", inputs.OfType<Value>().Select(v => v.Shape))}; expected some that give shape {string.Join(", ", outputs)}");
        }
    }
}
