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

/// <summary>A weight of a layer. Its tensor comes from a file, an initializer or the caller.</summary>
public sealed class Weight
{
    private Func<Tensor>? _source;

    /// <summary>Declares a weight.</summary>
    /// <param name="name">Keras's name of the weight within its layer: <c>kernel</c>.</param>
    /// <param name="dtype">The type it is stored as.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="trainable">False for what training does not change by gradients, such as moving means.</param>
    public Weight(string name, DType dtype, Shape shape, bool trainable = true)
    {
        Name = name;
        DType = dtype;
        Shape = shape;
        Trainable = trainable;
    }

    /// <summary>Keras's name of the weight within its layer.</summary>
    public string Name { get; }

    /// <summary>Layers and weight: <c>bidirectional/forward_lstm/lstm_cell/kernel</c>.</summary>
    public string Path { get; set; } = string.Empty;

    /// <summary>The type it is stored as.</summary>
    public DType DType { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Whether Keras created it as trainable.</summary>
    public bool Trainable { get; }

    /// <summary>Counts the assignments, so that what was derived from the weight can be told stale.</summary>
    public int Version { get; private set; }

    /// <summary>True once it has a value.</summary>
    public bool HasValue => _source is not null;

    /// <summary>The elements. Once a model has packed them for its kernels they may be kept in that form alone: each reading is a copy then.</summary>
    /// <exception cref="InvalidOperationException">It has none yet, or the assigned tensor has another type or shape.</exception>
    public Tensor Value
    {
        get => Source();
        set
        {
            if (value.DType != DType || value.Shape != Shape)
            {
                throw new InvalidOperationException($"Weight \"{Path}\" is {DType.Name()} {Shape}, not {value}.");
            }

            _source = () => value;
            Version++;
        }
    }

    /// <summary>What gives the elements.</summary>
    /// <exception cref="InvalidOperationException">It has none yet.</exception>
    internal Func<Tensor> Source => _source ?? throw new InvalidOperationException($"Weight \"{Path}\" has no value yet.");

    /// <summary>Has the same elements come from elsewhere, and forgets where they were, unless the weight has been set meanwhile.</summary>
    /// <param name="from">The source that the elements were taken from.</param>
    /// <param name="restore">Puts the elements into a tensor of the weight's type and shape.</param>
    internal void Move(Func<Tensor> from, Action<Tensor> restore)
    {
        Interlocked.CompareExchange(ref _source, Restored, from);

        Tensor Restored()
        {
            Tensor tensor = Tensor.Zeros(DType, Shape);
            restore(tensor);
            return tensor;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} {DType.Name()} {Shape}";
}

/// <summary>What a stateful layer keeps from call to call. It starts as zeros.</summary>
/// <param name="Name">Layer and state: <c>lstm/h</c>.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape; its batch axis may be symbolic.</param>
public sealed record StateVariable(string Name, DType DType, SymbolicShape Shape);
