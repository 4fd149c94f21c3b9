using KerasCompat.Onnx.Model;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Scan, for recurrent cells that ONNX has no operator for.</summary>
internal static class ControlExport
{
    public static IEnumerable<OnnxEntry> Entries => [OnnxEntry.Of<Scan>(Write)];

    private static void Write(NodeExport n, Scan op)
    {
        Graph body = Lowering.ExportPasses.Run(op.Body);
        GraphExport export = n.Graph.Body();
        string[] read = [.. n.Node.Inputs.Take(op.StateCount + op.ScanCount).Select(n.Graph.Name!)];
        var inputs = new List<OnnxValueInfo>();
        for (int i = 0; i < body.Inputs.Count; i++)
        {
            Value input = body.Inputs[i];
            if (i >= op.StateCount + op.ScanCount)
            {
                // What every run sees whole is read from outside.
                export.Define(input, n.In(i));
                continue;
            }

            string name = export.Onnx.Name($"{n.Node.Scope}/{(i < op.StateCount ? "state" : "step")}");
            export.Define(input, name);
            inputs.Add(new OnnxValueInfo(name, input.Type));
        }

        export.Write(body.Nodes);
        var outputs = new List<OnnxValueInfo>();
        foreach (Value value in body.Outputs)
        {
            // A name of its own: bodies may hand on what they were given, or one result twice.
            string name = export.Onnx.Add("Identity", export.Name(value));
            outputs.Add(new OnnxValueInfo(name, value.Type));
        }

        var graph = new OnnxGraph("body", DeadNodes.Remove(export.Onnx.Nodes, outputs.Select(o => o.Name)), [], inputs, outputs);
        int results = body.Outputs.Count - op.StateCount;
        string[] names = n.Onnx.AddAll(
            "Scan",
            body.Outputs.Count,
            read,
            [
                ("body", graph),
                ("num_scan_inputs", op.ScanCount),
                ("scan_input_axes", Enumerable.Repeat(1, op.ScanCount)),
                ("scan_input_directions", Enumerable.Repeat(op.Reverse ? 1 : 0, op.ScanCount)),
                .. results == 0 ? ((string, object)[])[] : [("scan_output_axes", Enumerable.Repeat(1, results))],
            ]);
        for (int i = 0; i < names.Length; i++)
        {
            n.Out(i, names[i]);
        }
    }
}
