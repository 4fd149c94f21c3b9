using KerasCompat.Runtime;

namespace KerasCompat.Layers;

internal static class CtcOperations
{
    public static Structure Decode(OperationCall c) => throw new UnsupportedModelException(c.Config.Place, "operation CTCDecode", "another");

    public static Value Loss(OperationCall c) => throw new UnsupportedModelException(c.Config.Place, "operation CTCLoss", "another");
}
