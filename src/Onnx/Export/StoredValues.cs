using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Onnx.Export;

/// <summary>Values that no call changes, computed now instead of by nodes, unless that would make the file larger.</summary>
internal sealed class StoredValues
{
    /// <summary>Results up to this many bytes are stored whatever they are made of.</summary>
    private const int Small = 1 << 14;

    private readonly Dictionary<Node, IReadOnlyList<Tensor>?> _computed = [];

    /// <summary>The elements, or null where a call decides them or a node is the shorter way to write them.</summary>
    public Tensor? TryGet(Value value) =>
        value.Constant ?? value.Weight?.Value ?? (value.Producer is { } node ? Compute(node)?[value.OutputIndex] : null);

    /// <summary>The name of the weight that a stored value is made of, to name what is made of it.</summary>
    public static string? NameOf(Value value)
    {
        while (value.Weight is null && value.Producer is { } node)
        {
            Value? next = node.Inputs.FirstOrDefault(i => i is { Constant: null });
            if (next is null)
            {
                return node.Scope.Length == 0 ? null : node.Scope;
            }

            value = next;
        }

        return value.Weight?.Path ?? value.Name;
    }

    private IReadOnlyList<Tensor>? Compute(Node node)
    {
        if (_computed.TryGetValue(node, out IReadOnlyList<Tensor>? known))
        {
            return known;
        }

        IReadOnlyList<Tensor>? computed = null;
        if (!node.Op.IsDynamic && node.Op is not Scan && node.Outputs.All(o => o.Shape.IsConstant))
        {
            Tensor?[] inputs = [.. node.Inputs.Select(i => i is null ? null : TryGet(i))];
            if (node.Inputs.Index().All(i => i.Item is null || inputs[i.Index] is not null) && IsWorthIt(node, inputs))
            {
                computed = NodeRunner.Run(node.Op, inputs, [.. node.Outputs.Select(o => o.Type)]);
            }
        }

        _computed.Add(node, computed);
        return computed;
    }

    private static bool IsWorthIt(Node node, IReadOnlyList<Tensor?> inputs)
    {
        long result = node.Outputs.Sum(o => (long)o.Shape.ElementCount.Value * Math.Max(o.DType.Size(), 8));
        return result <= Small || node.Outputs.Sum(o => (long)o.Shape.ElementCount.Value * o.DType.Size()) <= inputs.Sum(i => i is null ? 0L : (long)i.Length * i.DType.Size()) + Small;
    }
}
