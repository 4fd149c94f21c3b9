namespace KerasCompat.Runtime.Cpu;

/// <summary>An input of an operator that no call changes. Its elements are read when something is made of them.</summary>
/// <param name="Identity">Tells it from all others of the model, so that what was made of it is found again.</param>
/// <param name="DType">The type of the elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">The elements, for use now.</param>
internal sealed record StoredInput(object Identity, DType DType, Shape Shape, Func<ScratchTensors, Tensor> Read)
{
    /// <summary>The weight whose elements it is, in their order; null for what is computed or constant.</summary>
    public Weight? Weight { get; init; }

    /// <summary>A tensor at hand.</summary>
    public static StoredInput Of(Tensor tensor) => new(tensor, tensor.DType, tensor.Shape, _ => tensor);

    /// <summary>The input in another type.</summary>
    public StoredInput Cast(DType type) => type == DType ? this : new StoredInput((Identity, type), type, Shape, scratch => Read(scratch).Cast(type));
}

/// <summary>Puts the elements of a packed weight back where they were packed from, bit for bit.</summary>
/// <param name="packed">The packed weight.</param>
/// <param name="elements">Takes all elements of the weight.</param>
internal delegate void Unpacking<T>(T packed, Span<float> elements);
