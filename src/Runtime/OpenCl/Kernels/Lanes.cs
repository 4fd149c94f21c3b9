namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>How many neighbouring elements a variable of a kernel holds: one on a GPU, whose items stand side by side; a vector on a CPU.</summary>
/// <param name="Element">The elements.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Lanes(DType Element, int Count)
{
    /// <summary>Elements of a vector: sixteen floats fill the widest registers there are.</summary>
    public const int Vector = 16;

    /// <summary>OpenCL's name of the variable's type.</summary>
    public string Type => ElementTypes.TypeName(Element) + (Count == 1 ? string.Empty : $"{Count}");

    public string Load(string pointer) => Count == 1 ? $"*({pointer})" : $"vload{Count}(0, {pointer})";

    public string Store(string value, string pointer) => Count == 1 ? $"*({pointer}) = {value};" : $"vstore{Count}({value}, 0, {pointer});";
}
