namespace KerasCompat.Runtime;

/// <summary>Element type and shape of a value before a call.</summary>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The sizes, symbolic where a call decides them.</param>
public sealed record TensorType(DType DType, SymbolicShape Shape)
{
    /// <summary>Type and shape as text: <c>float32 (batch, 10)</c>.</summary>
    public override string ToString() => $"{DType.Name()} {Shape}";
}

/// <summary>A value of the graph: an input, a constant, a weight, a state or an output of a node.</summary>
public sealed class Value
{
    internal Value(TensorType type) => Type = type;

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The element type.</summary>
    public DType DType => Type.DType;

    /// <summary>The shape.</summary>
    public SymbolicShape Shape => Type.Shape;

    /// <summary>Number of axes.</summary>
    public int Rank => Type.Shape.Rank;

    /// <summary>The node that computes it; null for inputs, constants, weights and states.</summary>
    public Node? Producer { get; internal init; }

    /// <summary>Which output of the node it is.</summary>
    public int OutputIndex { get; internal init; }

    /// <summary>A name for people, where there is one.</summary>
    public string? Name { get; internal set; }

    /// <summary>The elements, where they are known when the graph is built.</summary>
    public Tensor? Constant { get; internal init; }

    /// <summary>The weight it reads, where it is one.</summary>
    public Weight? Weight { get; internal init; }

    /// <summary>The state it reads, where it is one.</summary>
    public StateVariable? State { get; internal init; }

    /// <summary>The elements as sizes where they follow from shapes (the result of Shape and what is computed from it), flat.</summary>
    public IReadOnlyList<Dim>? Content { get; internal init; }

    /// <summary>True where the elements do not depend on a call: constants and weights.</summary>
    public bool IsStored => Constant is not null || Weight is not null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name ?? Producer?.ToString() ?? "value"}: {Type}";
}

/// <summary>What a stateful layer keeps from call to call. It starts as zeros.</summary>
/// <param name="Name">Layer and state: <c>lstm/h</c>.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape; its batch axis may be symbolic.</param>
public sealed record StateVariable(string Name, DType DType, SymbolicShape Shape);
