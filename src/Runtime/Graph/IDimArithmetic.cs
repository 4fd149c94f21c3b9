namespace KerasCompat.Runtime;

/// <summary>What a <see cref="Dim"/>'s expression is made of, for those who compute it elsewhere, such as by nodes of a graph.</summary>
internal interface IDimArithmetic<T>
{
    T Constant(long value);

    T Symbol(string name);

    T Add(T a, T b);

    T Multiply(T a, T b);

    T FloorDivide(T a, T b);

    T CeilDivide(T a, T b);

    T Max(T a, T b);

    T Min(T a, T b);
}
