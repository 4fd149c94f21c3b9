namespace KerasCompat.Runtime;

/// <summary>Computes once what several nodes compute: equal operators on the same values. Operators are pure, so any two such are equal.</summary>
internal sealed class ShareEqualNodes : GraphRule
{
    /// <summary>Constants up to this many bytes are compared by content.</summary>
    private const int LargestCompared = 1024;

    private readonly Dictionary<Key, IReadOnlyList<Value>> _known = [];
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);

    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        // Two results whose sizes only a run can tell have symbols of their own.
        if (node.Op.IsDynamic)
        {
            return null;
        }

        var key = new Key(node.Op, [.. inputs.Select(Canonical)]);
        return _known.TryGetValue(key, out IReadOnlyList<Value>? outputs) ? outputs : Remember(key, node, inputs);
    }

    private IReadOnlyList<Value>? Remember(Key key, Node node, IReadOnlyList<Value?> inputs)
    {
        bool changed = !inputs.SequenceEqual(node.Inputs);
        IReadOnlyList<Value> outputs = changed ? GraphRewriter.Copy(node, inputs) : node.Outputs;
        _known.Add(key, outputs);
        return changed ? outputs : null;
    }

    /// <summary>The first of several equal constants.</summary>
    private Value? Canonical(Value? value)
    {
        if (value?.Constant is not { } constant || constant is Tensor<string> || constant.Bytes.Length > LargestCompared)
        {
            return value;
        }

        string content = $"{constant.DType} {constant.Shape} {Convert.ToHexString(constant.Bytes)}";
        return _constants.TryAdd(content, value) ? value : _constants[content];
    }

    private readonly record struct Key(Op Op, Value?[] Inputs)
    {
        public bool Equals(Key other) => Op.Equals(other.Op) && Inputs.AsSpan().SequenceEqual(other.Inputs);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Op);
            foreach (Value? input in Inputs)
            {
                hash.Add(input);
            }

            return hash.ToHashCode();
        }
    }
}
