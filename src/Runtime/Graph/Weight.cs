namespace KerasCompat.Runtime;

/// <summary>A weight of a layer. Its tensor comes from a file, an initializer or the caller.</summary>
public sealed class Weight
{
    private WeightSource? _source;

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

    /// <summary>The elements.</summary>
    /// <remarks>
    /// Once a model has packed them for its kernels they may be kept in that form alone; each reading is a copy then. To change a weight,
    /// set it (<c>SetWeights</c> of the model), do not write into what was read.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It has none yet, or the assigned tensor has another type or shape.</exception>
    public Tensor Value
    {
        get
        {
            while (true)
            {
                WeightSource source = Current;
                if (source.TryRead(null) is { } value && (source is not LoadedWeight || Replace(source, new HeldWeight(value))))
                {
                    return value;
                }
            }
        }

        set
        {
            if (value.DType != DType || value.Shape != Shape)
            {
                throw new InvalidOperationException($"Weight \"{Path}\" is {DType.Name()} {Shape}, not {value}.");
            }

            Set(new HeldWeight(value));
        }
    }

    private WeightSource Current => _source ?? throw new InvalidOperationException($"Weight \"{Path}\" has no value yet.");

    /// <summary>Has the elements come from somewhere.</summary>
    internal void Set(WeightSource source)
    {
        Interlocked.Exchange(ref _source, source)?.Leave();
        Version++;
    }

    /// <summary>The elements for use now, and where they were.</summary>
    /// <exception cref="InvalidOperationException">It has none yet.</exception>
    internal (Tensor Elements, WeightSource From) Read(ScratchTensors scratch)
    {
        while (true)
        {
            WeightSource source = Current;
            if (source.TryRead(scratch) is { } elements)
            {
                return (elements, source);
            }
        }
    }

    /// <summary>Has the same elements come from elsewhere, unless the weight has been set meanwhile.</summary>
    /// <returns>Whether they do now.</returns>
    internal bool Replace(WeightSource from, WeightSource to)
    {
        bool replaced = Interlocked.CompareExchange(ref _source, to, from) == from;
        if (replaced)
        {
            from.Leave();
        }

        return replaced;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} {DType.Name()} {Shape}";
}
