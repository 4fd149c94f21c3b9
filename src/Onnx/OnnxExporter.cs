using KerasCompat.Onnx.Export;
using KerasCompat.Onnx.Lowering;
using KerasCompat.Onnx.Model;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx;

/// <summary>Writes a graph as an ONNX model.</summary>
public static class OnnxExporter
{
    /// <summary>Writes a graph as an ONNX model. States of stateful layers become inputs and outputs behind the others.</summary>
    /// <exception cref="UnsupportedModelException">ONNX cannot say it; every such operator is named.</exception>
    /// <exception cref="ArgumentException">The options ask for an operator set that is not written.</exception>
    /// <exception cref="OperationCanceledException"><see cref="OnnxExportOptions.CancellationToken"/> asked to stop.</exception>
    public static OnnxModel Export(Graph graph, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        graph = ExportPasses.Run(graph, options.CancellationToken);
        int opset = options.Opset ?? Math.Max(OnnxExportOptions.DefaultOpset, Opsets.NeededFor(graph));
        if (opset is < OnnxExportOptions.OldestOpset or > OnnxExportOptions.NewestOpset)
        {
            throw new ArgumentException($"Opset {opset}; expected {OnnxExportOptions.OldestOpset} to {OnnxExportOptions.NewestOpset}.");
        }

        var export = new GraphExport(options, opset);
        var inputs = new List<OnnxValueInfo>();
        foreach (Value input in graph.Inputs)
        {
            bool turned = options.ChannelsFirstInputs && input.Rank == 4;
            int[] order = turned ? AxisOrder.ChannelsFirst(4) : AxisOrder.Own(input.Rank);
            inputs.Add(Input(input, input.Name ?? "input", order));
        }

        foreach (StateUpdate state in graph.States)
        {
            inputs.Add(Input(state.Previous, state.Variable.Name, AxisOrder.Own(state.Previous.Rank)));
        }

        string[] wanted = [.. graph.Outputs.Select((_, i) => options.OutputNames.ElementAtOrDefault(i) ?? "output"), .. graph.States.Select(s => $"{s.Variable.Name}_next")];
        string[] names = [.. wanted.Select(export.Onnx.Name)];
        export.Write(graph.Nodes);
        if (export.Problems.Count > 0)
        {
            throw new UnsupportedModelException([.. export.Problems.Distinct()]);
        }

        OnnxValueInfo[] outputs = Outputs(export, [.. graph.Outputs, .. graph.States.Select(s => s.Next)], names, inputs);
        var written = new OnnxGraph(options.Name, DeadNodes.Remove(export.Onnx.Nodes, names), export.Onnx.Initializers, inputs, outputs);
        return new OnnxModel(DeadNodes.RemoveInitializers(written), opset, options.Metadata);

        OnnxValueInfo Input(Value value, string wanted, int[] order)
        {
            string name = export.Onnx.Name(wanted);
            export.Define(value, name, order);
            return new OnnxValueInfo(name, new TensorType(value.DType, export.Known(new SymbolicShape(order.Select(a => value.Shape[a])))));
        }
    }

    /// <summary>Gives the outputs their names: what a node computes is renamed, what is an input, a weight or another output gets a twin.</summary>
    private static OnnxValueInfo[] Outputs(GraphExport export, Value[] values, string[] names, IReadOnlyList<OnnxValueInfo> inputs)
    {
        var outputs = new OnnxValueInfo[values.Length];
        var taken = new HashSet<string>(inputs.Select(i => i.Name));
        for (int i = 0; i < values.Length; i++)
        {
            string name = export.Name(values[i]);
            bool computed = export.Onnx.Nodes.Any(n => n.Outputs.Contains(name));
            if (computed && taken.Add(name))
            {
                export.Onnx.Rename(name, names[i]);
                taken.Add(names[i]);
                export.Renamed(name, names[i]);
            }
            else
            {
                string twin = export.Onnx.Add("Identity", name);
                export.Onnx.Rename(twin, names[i]);
            }

            outputs[i] = new OnnxValueInfo(names[i], new TensorType(values[i].DType, export.Known(values[i].Shape)));
        }

        return outputs;
    }
}
