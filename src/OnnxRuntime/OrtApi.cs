using System.Runtime.InteropServices;
using System.Text;

namespace KerasCompat.OnnxRuntime;

/// <summary>
/// The functions used of the table OrtApi, by their places in it: <c>onnxruntime_c_api.h</c> only ever adds to the end. Each returns a
/// status that is null where all went well.
/// </summary>
internal readonly unsafe struct OrtApi(nint table)
{
    private readonly nint* _functions = (nint*)table;

    private enum Place
    {
        GetErrorMessage = 2,
        CreateEnv = 3,
        DisableTelemetryEvents = 6,
        CreateSession = 7,
        CreateSessionFromArray = 8,
        Run = 9,
        CreateSessionOptions = 10,
        SetSessionGraphOptimizationLevel = 23,
        SetIntraOpNumThreads = 24,
        SetInterOpNumThreads = 25,
        SessionGetInputCount = 30,
        SessionGetOutputCount = 31,
        SessionGetInputName = 36,
        SessionGetOutputName = 37,
        CreateRunOptions = 39,
        RunOptionsSetTerminate = 46,
        CreateTensorAsOrtValue = 48,
        CreateTensorWithDataAsOrtValue = 49,
        GetTensorMutableData = 51,
        FillStringTensor = 52,
        GetTensorElementType = 60,
        GetDimensionsCount = 61,
        GetDimensions = 62,
        GetTensorTypeAndShape = 65,
        CreateCpuMemoryInfo = 69,
        AllocatorFree = 76,
        GetAllocatorWithDefaultOptions = 78,
        ReleaseStatus = 93,
        ReleaseSession = 95,
        ReleaseValue = 96,
        ReleaseRunOptions = 97,
        ReleaseTensorTypeAndShapeInfo = 99,
        ReleaseSessionOptions = 100,
        GetStringTensorElementLength = 127,
        GetStringTensorElement = 128,
    }

    public nint CreateEnv(string name)
    {
        const int warnings = 2;
        nint env;
        fixed (byte* text = Utf8(name))
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)At(Place.CreateEnv))(warnings + 1, text, &env));
        }

        return env;
    }

    /// <summary>Has the library report nothing to its makers, which their own builds do on some systems.</summary>
    public void DisableTelemetry(nint env) => Check(((delegate* unmanaged<nint, nint>)At(Place.DisableTelemetryEvents))(env));

    public nint CreateSessionOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)At(Place.CreateSessionOptions))(&options));
        return options;
    }

    public void SetThreads(nint options, int threads)
    {
        Check(((delegate* unmanaged<nint, int, nint>)At(Place.SetIntraOpNumThreads))(options, threads));
        Check(((delegate* unmanaged<nint, int, nint>)At(Place.SetInterOpNumThreads))(options, 1));
    }

    public void SetOptimizationLevel(nint options, int level) =>
        Check(((delegate* unmanaged<nint, int, nint>)At(Place.SetSessionGraphOptimizationLevel))(options, level));

    public nint CreateSession(nint env, ReadOnlySpan<byte> model, nint options)
    {
        nint session;
        fixed (byte* bytes = model)
        {
            Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)At(Place.CreateSessionFromArray))(env, bytes, (nuint)model.Length, options, &session));
        }

        return session;
    }

    public nint CreateSession(nint env, string path, nint options)
    {
        // Windows takes its wide characters, all others bytes.
        nint session;
        fixed (byte* text = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Utf8(path))
        {
            Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)At(Place.CreateSession))(env, text, options, &session));
        }

        return session;
    }

    public string[] InputNames(nint session) => Names(session, Place.SessionGetInputCount, Place.SessionGetInputName);

    public string[] OutputNames(nint session) => Names(session, Place.SessionGetOutputCount, Place.SessionGetOutputName);

    public nint CreateCpuMemoryInfo()
    {
        nint info;
        Check(((delegate* unmanaged<int, int, nint*, nint>)At(Place.CreateCpuMemoryInfo))(1, 0, &info));
        return info;
    }

    public nint CreateTensor(nint memoryInfo, void* data, nuint bytes, ReadOnlySpan<long> shape, int type)
    {
        nint value;
        fixed (long* sizes = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)At(Place.CreateTensorWithDataAsOrtValue))(memoryInfo, data, bytes, sizes, (nuint)shape.Length, type, &value));
        }

        return value;
    }

    public nint CreateTexts(ReadOnlySpan<string> texts, ReadOnlySpan<long> shape, int type)
    {
        nint allocator = Allocator(), value;
        fixed (long* sizes = shape)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)At(Place.CreateTensorAsOrtValue))(allocator, sizes, (nuint)shape.Length, type, &value));
        }

        nint[] pointers = [.. texts.ToArray().Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            fixed (nint* all = pointers)
            {
                Check(((delegate* unmanaged<nint, nint*, nuint, nint>)At(Place.FillStringTensor))(value, all, (nuint)pointers.Length));
            }
        }
        finally
        {
            Array.ForEach(pointers, Marshal.FreeCoTaskMem);
        }

        return value;
    }

    public (int Type, long[] Shape) TypeAndShape(nint value)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)At(Place.GetTensorTypeAndShape))(value, &info));
        int type;
        nuint rank;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Place.GetTensorElementType))(info, &type));
        Check(((delegate* unmanaged<nint, nuint*, nint>)At(Place.GetDimensionsCount))(info, &rank));
        var shape = new long[rank];
        fixed (long* sizes = shape)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)At(Place.GetDimensions))(info, sizes, rank));
        }

        Release(Place.ReleaseTensorTypeAndShapeInfo, info);
        return (type, shape);
    }

    public byte* Data(nint value)
    {
        byte* data;
        Check(((delegate* unmanaged<nint, byte**, nint>)At(Place.GetTensorMutableData))(value, &data));
        return data;
    }

    public string Text(nint value, int index)
    {
        nuint length;
        Check(((delegate* unmanaged<nint, nuint, nuint*, nint>)At(Place.GetStringTensorElementLength))(value, (nuint)index, &length));
        byte[] bytes = new byte[length];
        fixed (byte* text = bytes)
        {
            Check(((delegate* unmanaged<nint, nuint, nuint, byte*, nint>)At(Place.GetStringTensorElement))(value, length, (nuint)index, text));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public nint CreateRunOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)At(Place.CreateRunOptions))(&options));
        return options;
    }

    /// <summary>Ends the runs that were given these options, at their next operator.</summary>
    public void Terminate(nint runOptions) => Check(((delegate* unmanaged<nint, nint>)At(Place.RunOptionsSetTerminate))(runOptions));

    /// <summary>Runs a session; options are 0 for none.</summary>
    public void Run(nint session, nint runOptions, nint* inputNames, ReadOnlySpan<nint> inputs, nint* outputNames, Span<nint> outputs)
    {
        fixed (nint* given = inputs, got = outputs)
        {
            Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)At(Place.Run))(
                session, runOptions, inputNames, given, (nuint)inputs.Length, outputNames, (nuint)outputs.Length, got));
        }
    }

    public void ReleaseSession(nint session) => Release(Place.ReleaseSession, session);

    public void ReleaseRunOptions(nint options) => Release(Place.ReleaseRunOptions, options);

    public void ReleaseSessionOptions(nint options) => Release(Place.ReleaseSessionOptions, options);

    public void ReleaseValue(nint value) => Release(Place.ReleaseValue, value);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private nint At(Place place) => _functions[(int)place];

    private void Release(Place place, nint handle) => ((delegate* unmanaged<nint, void>)At(place))(handle);

    private nint Allocator()
    {
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)At(Place.GetAllocatorWithDefaultOptions))(&allocator));
        return allocator;
    }

    private string[] Names(nint session, Place countPlace, Place namePlace)
    {
        nuint count;
        Check(((delegate* unmanaged<nint, nuint*, nint>)At(countPlace))(session, &count));
        nint allocator = Allocator();
        var names = new string[count];
        for (nuint i = 0; i < count; i++)
        {
            nint name;
            Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)At(namePlace))(session, i, allocator, &name));
            names[i] = Marshal.PtrToStringUTF8(name)!;
            Check(((delegate* unmanaged<nint, nint, nint>)At(Place.AllocatorFree))(allocator, name));
        }

        return names;
    }

    /// <exception cref="OnnxRuntimeException">The function failed.</exception>
    private void Check(nint status)
    {
        if (status != 0)
        {
            string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)At(Place.GetErrorMessage))(status))!;
            Release(Place.ReleaseStatus, status);
            throw new OnnxRuntimeException(message);
        }
    }
}
