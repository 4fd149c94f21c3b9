namespace KerasCompat.Runtime;

// Operators of two inputs whose second is one number: g.Mul(x, 2).
public sealed partial class GraphBuilder
{
    /// <summary><c>a + b</c>.</summary>
    public Value Add(Value a, double b) => Add(a, Scalar(b, a.DType));

    /// <summary><c>a − b</c>.</summary>
    public Value Sub(Value a, double b) => Sub(a, Scalar(b, a.DType));

    /// <summary><c>a · b</c>.</summary>
    public Value Mul(Value a, double b) => Mul(a, Scalar(b, a.DType));

    /// <summary><c>a / b</c>.</summary>
    public Value Div(Value a, double b) => Div(a, Scalar(b, a.DType));

    /// <summary><c>a^b</c>.</summary>
    public Value Pow(Value a, double b) => Pow(a, Scalar(b, a.DType));

    /// <summary>The larger of <paramref name="a"/> and <paramref name="b"/>.</summary>
    public Value Maximum(Value a, double b) => Maximum(a, Scalar(b, a.DType));

    /// <summary>The smaller of <paramref name="a"/> and <paramref name="b"/>.</summary>
    public Value Minimum(Value a, double b) => Minimum(a, Scalar(b, a.DType));

    /// <summary>True where <c>a = b</c>.</summary>
    public Value Equal(Value a, double b) => Equal(a, Scalar(b, a.DType));

    /// <summary>True where <c>a ≠ b</c>.</summary>
    public Value NotEqual(Value a, double b) => NotEqual(a, Scalar(b, a.DType));

    /// <summary>True where <c>a &lt; b</c>.</summary>
    public Value Less(Value a, double b) => Less(a, Scalar(b, a.DType));

    /// <summary>True where <c>a ≤ b</c>.</summary>
    public Value LessEqual(Value a, double b) => LessEqual(a, Scalar(b, a.DType));

    /// <summary>True where <c>a > b</c>.</summary>
    public Value Greater(Value a, double b) => Greater(a, Scalar(b, a.DType));

    /// <summary>True where <c>a ≥ b</c>.</summary>
    public Value GreaterEqual(Value a, double b) => GreaterEqual(a, Scalar(b, a.DType));
}
