using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>An argument of an operation: a tensor, or a Python number that takes its type from the others.</summary>
/// <param name="Tensor">The tensor; null for a number.</param>
/// <param name="Number">The number.</param>
/// <param name="Type">The type it brings to the promotion.</param>
internal readonly record struct Operand(KerasTensor? Tensor, double Number, KerasType Type)
{
    /// <summary>A tensor.</summary>
    public static Operand Of(KerasTensor tensor) => new(tensor, 0, tensor.Value.DType);

    /// <summary>A tensor.</summary>
    public static Operand Of(Value value) => Of(new KerasTensor(value));

    /// <summary>The elements in a type.</summary>
    public Value In(GraphBuilder g, DType type) => Tensor is null ? g.Scalar(Number, type) : g.Cast(Tensor.Value, type);

    /// <summary>The elements in their own type; a number is a tensor of its kind's usual type.</summary>
    public Value AsTensor(GraphBuilder g) => In(g, Type.Type);

    /// <summary>The type that counts where Keras makes a tensor of a number before it promotes.</summary>
    public KerasType Strong => Type.Type;
}
