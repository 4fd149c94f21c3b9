namespace KerasCompat.Runtime.Cpu;

/// <summary>Runs a graph node by node, for graphs in which elements decide shapes.</summary>
internal static class CpuInterpreter
{
    public static Tensor[] Run(Graph graph, CpuStore store, IReadOnlyList<Tensor> inputs, IDictionary<StateVariable, Tensor>? states, CancellationToken cancellation = default)
    {
        Dictionary<string, int> symbols = SymbolBinding.Bind(graph.Inputs, [.. inputs.Select(t => t.Shape)]);
        var values = new Dictionary<Value, Tensor>();
        for (int i = 0; i < inputs.Count; i++)
        {
            values[graph.Inputs[i]] = inputs[i];
        }

        foreach (StateUpdate state in graph.States)
        {
            values[state.Previous] = states is not null && states.TryGetValue(state.Variable, out Tensor? kept)
                ? kept
                : Tensor.Zeros(state.Variable.DType, state.Variable.Shape.Evaluate(symbols));
        }

        foreach (Node node in graph.Nodes.Where(n => !store.Holds(n.Outputs[0])))
        {
            cancellation.ThrowIfCancellationRequested();
            Tensor?[] arguments = [.. node.Inputs.Select(v => v is null ? null : Get(v))];
            IReadOnlyList<TensorType> types = node.Op.IsDynamic
                ? []
                : [.. node.Outputs.Select(o => new TensorType(o.DType, o.Shape.Evaluate(symbols)))];
            if (!node.Op.IsDynamic)
            {
                ShapeCheck.Check(
                    node,
                    [.. node.Inputs.Select((v, i) => v is null || v.IsStored ? v : new Value(new TensorType(v.DType, arguments[i]!.Shape)))],
                    [.. types.Select(t => t.Shape.Evaluate(symbols))]);
            }

            Tensor[] results = NodeRunner.Run(node.Op, arguments, types);
            for (int i = 0; i < results.Length; i++)
            {
                values[node.Outputs[i]] = results[i];
                Learn(node.Outputs[i].Shape, results[i].Shape);
            }
        }

        if (states is not null)
        {
            foreach (StateUpdate state in graph.States)
            {
                states[state.Variable] = Get(state.Next);
            }
        }

        return [.. graph.Outputs.Select(Get)];

        Tensor Get(Value value) => store.Holds(value) ? store.Keep(value) : values[value];

        void Learn(SymbolicShape symbolic, Shape actual)
        {
            for (int axis = 0; axis < symbolic.Rank; axis++)
            {
                if (symbolic[axis].SymbolName is { } symbol)
                {
                    symbols.TryAdd(symbol, actual[axis]);
                }
            }
        }
    }
}
