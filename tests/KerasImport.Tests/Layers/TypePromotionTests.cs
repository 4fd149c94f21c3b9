using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat.Tests.Layers;

/// <summary>Pairs of types and what <c>keras.backend.result_type</c> gives for them, a Python number written <c>int</c> or <c>float</c>.</summary>
public class TypePromotionTests
{
    [Theory]
    [InlineData("bool", "bool", "bool")]
    [InlineData("bool", "int", "int32")]
    [InlineData("bool", "float", "float32")]
    [InlineData("uint8", "int8", "int16")]
    [InlineData("uint8", "int", "uint8")]
    [InlineData("uint16", "int16", "int32")]
    [InlineData("uint32", "int32", "int64")]
    [InlineData("uint32", "uint8", "uint32")]
    [InlineData("int32", "int64", "int64")]
    [InlineData("int32", "float", "float32")]
    [InlineData("int64", "float", "float32")]
    [InlineData("int64", "float16", "float16")]
    [InlineData("int32", "bfloat16", "bfloat16")]
    [InlineData("float16", "bfloat16", "float32")]
    [InlineData("float16", "float", "float16")]
    [InlineData("float16", "float32", "float32")]
    [InlineData("float32", "float64", "float64")]
    [InlineData("float64", "int", "float64")]
    [InlineData("int", "float", "float32")]
    public void Two_types_meet(string a, string b, string expected)
    {
        Assert.Equal(expected, TypePromotion.Result(Parse(a), Parse(b)).Name());
        Assert.Equal(expected, TypePromotion.Result(Parse(b), Parse(a)).Name());
    }

    private static KerasType Parse(string name) => name switch
    {
        "int" => KerasType.Int,
        "float" => KerasType.Float,
        _ => DTypes.TryParse(name, out DType type) ? type : throw new ArgumentException(name),
    };
}
