namespace KerasCompat.Runtime;

/// <summary>One application of an operator.</summary>
public sealed class Node
{
    internal Node(Op op, IReadOnlyList<Value?> inputs, string scope)
    {
        Op = op;
        Inputs = inputs;
        Scope = scope;
    }

    /// <summary>The operator with its attributes.</summary>
    public Op Op { get; }

    /// <summary>What it reads; null where an optional input is absent.</summary>
    public IReadOnlyList<Value?> Inputs { get; }

    /// <summary>What it computes.</summary>
    public IReadOnlyList<Value> Outputs { get; internal set; } = [];

    /// <summary>The layer it belongs to: <c>encoder/lstm_1</c>.</summary>
    public string Scope { get; }

    /// <inheritdoc/>
    public override string ToString() => Scope.Length == 0 ? Op.Name : $"{Scope}/{Op.Name}";
}
