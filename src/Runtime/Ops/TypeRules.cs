namespace KerasCompat.Runtime;

/// <summary>What operators demand of their inputs' element types.</summary>
internal static class TypeRules
{
    public static void RequireFloating(this OpInference inputs, int input) =>
        Require(inputs, input, type => type.IsFloating(), "a floating type");

    public static void RequireNumeric(this OpInference inputs, int input) =>
        Require(inputs, input, type => type.IsFloating() || type.IsInteger(), "a numeric type");

    public static void RequireInteger(this OpInference inputs, int input) =>
        Require(inputs, input, type => type.IsInteger(), "an integer type");

    public static void RequireBool(this OpInference inputs, int input) =>
        Require(inputs, input, type => type == DType.Bool, "bool");

    public static void RequireIndices(this OpInference inputs, int input) =>
        Require(inputs, input, type => type is DType.Int32 or DType.Int64, "int32 or int64");

    public static void RequireSameType(this OpInference inputs, int first, int second)
    {
        if (inputs.DType(first) != inputs.DType(second))
        {
            throw inputs.Fail($"{inputs.DType(first).Name()} and {inputs.DType(second).Name()}", "inputs of one element type");
        }
    }

    private static void Require(OpInference inputs, int input, Func<DType, bool> holds, string expected)
    {
        if (!holds(inputs.DType(input)))
        {
            throw inputs.Fail($"input {input} of {inputs.DType(input).Name()}", expected);
        }
    }
}
