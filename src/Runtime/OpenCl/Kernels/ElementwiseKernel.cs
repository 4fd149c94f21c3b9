using System.Text;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>The kernel of a chain of element-wise operators, written for the chain: one load for each input, one store.</summary>
internal static class ElementwiseKernel
{
    public static void Bind(FusedNodes unit, OpenClPlan plan, string text)
    {
        Value last = unit.Nodes[^1].Outputs[0];
        Shape shape = plan.ShapeOf(last);
        Read[] reads = [.. unit.Nodes.SelectMany(n => n.Inputs.Select((v, i) => Seen(n, i, plan, shape))).OfType<Read>().Where(r => unit.Inputs.Contains(r.Value)).Distinct()];
        Slot[] slots = [.. reads.Select(r => plan.DeviceSlot(r.Value))];
        Slot y = plan.OutputSlot(last);
        if (y.Length == 0)
        {
            return;
        }

        var walk = new BroadcastWalk(shape, [.. reads.Select(r => r.Shape)]);
        var rows = new RowGrid(plan.Properties, y.Length / walk.InnerSize, walk.InnerSize);
        var arguments = new List<KernelArgument>([.. slots.Select(s => (KernelArgument)s), y, .. rows.Arguments]);
        for (int axis = 0; axis < walk.OuterRank; axis++)
        {
            arguments.Add(walk.Size(axis));
            arguments.AddRange(KernelArgument.All(reads.Select((_, i) => walk.Stride(axis, i))));
        }

        string source = Source(unit, reads, walk, rows, (node, input) =>
            Seen(node, input, plan, shape) is { } read && Array.IndexOf(reads, read) is var at and >= 0 ? $"a{at}"
            : node.Inputs[input]?.Producer is { } producer ? $"v{unit.Nodes.Index().First(n => n.Item == producer).Index}"
            : string.Empty);
        plan.Add(new LaunchStep(text, source, "elements", rows.Range, arguments));
    }

    /// <summary>A value, and the shape by which it broadcasts to the result.</summary>
    private sealed record Read(Value Value, Shape Shape);

    /// <summary>Parameters along an axis stand along that axis; all else broadcasts from the last axis on.</summary>
    private static Read? Seen(Node node, int input, OpenClPlan plan, Shape result)
    {
        if (node.Inputs[input] is not { } value)
        {
            return null;
        }

        Shape shape = plan.ShapeOf(value);
        if (node.Op is not BatchNormalization normalization || input == 0)
        {
            return new Read(value, shape);
        }

        int axis = normalization.Axis < 0 ? normalization.Axis + result.Rank : normalization.Axis;
        return new Read(value, new Shape([shape[0], .. Enumerable.Repeat(1, result.Rank - axis - 1)]));
    }

    private static string Source(FusedNodes unit, Read[] reads, BroadcastWalk walk, RowGrid rows, Func<Node, int, string> name)
    {
        Value last = unit.Nodes[^1].Outputs[0];
        int[] inputs = [.. Enumerable.Range(0, reads.Length)];
        var code = new StringBuilder(Prelude.Source);
        code.Append($"__kernel void elements({string.Concat(inputs.Select(i => $"__global const {ElementTypes.StorageName(reads[i].Value.DType)}* restrict x{i}, "))}");
        code.Append($"__global {ElementTypes.StorageName(last.DType)}* restrict y, {RowGrid.Parameters}");
        for (int axis = 0; axis < walk.OuterRank; axis++)
        {
            code.Append($", int s{axis}{string.Concat(inputs.Select(i => $", int t{axis}_{i}"))}");
        }

        code.Append($")\n{{\n    {rows.Head}\n    int rest = row, at{string.Concat(inputs.Select(i => $", o{i} = 0"))};\n");
        for (int axis = walk.OuterRank - 1; axis >= 0; axis--)
        {
            code.Append(axis > 0 ? $"    at = rest % s{axis}; rest /= s{axis};" : "    at = rest;");
            code.Append($"{string.Concat(inputs.Select(i => $" o{i} += at * t{axis}_{i};"))}\n");
        }

        code.Append($"    {rows.Each}\n    {{\n");
        foreach (int i in inputs)
        {
            DType type = reads[i].Value.DType;
            code.Append($"        {ElementTypes.TypeName(type)} a{i} = {ElementTypes.Load(type, $"x{i}", walk.InnerStride(i) == 0 ? $"o{i}" : $"(o{i} + column)")};\n");
        }

        foreach ((int number, Node node) in unit.Nodes.Index())
        {
            string[] arguments = [.. Enumerable.Range(0, node.Inputs.Count).Select(i => name(node, i))];
            code.Append($"        {ElementTypes.TypeName(node.Outputs[0].DType)} v{number} = {ElementCode.Expression(node, arguments)};\n");
        }

        return code.Append($"        {ElementTypes.Store(last.DType, "y", "row * width + column", $"v{unit.Nodes.Count - 1}")}\n    }}\n}}\n").ToString();
    }
}
